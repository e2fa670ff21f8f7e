import type { ComponentProps } from 'react';

interface ButtonProps extends ComponentProps<'button'> {
  readonly kind?: 'primary' | 'danger' | 'bare';
  readonly size?: 'small' | 'icon';
}

export const Button = ({ kind, size, className, ...props }: ButtonProps) => (
  <button
    type="button"
    className={`button ${className ?? ''}`}
    data-kind={kind}
    data-size={size}
    {...props}
  />
);
