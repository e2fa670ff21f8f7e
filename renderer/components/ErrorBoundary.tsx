import { Component, type ReactNode } from 'react';
import { Button } from './Button.tsx';

interface Props {
  /** A new value means a new screen: the error of the last one is forgotten. */
  readonly screen: string;
  readonly children: ReactNode;
}

/** A screen that broke says so and leaves the rest of the console standing. */
export class ErrorBoundary extends Component<Props, { error: Error | undefined }> {
  override state: { error: Error | undefined } = { error: undefined };

  static getDerivedStateFromError(error: Error) {
    return { error };
  }

  override componentDidUpdate(previous: Props) {
    if (previous.screen !== this.props.screen && this.state.error !== undefined) {
      this.setState({ error: undefined });
    }
  }

  override render() {
    const { error } = this.state;
    if (error === undefined) return this.props.children;
    return (
      <div className="center" role="alert">
        <h1>This screen broke</h1>
        <p>The engine goes on watching; nothing was sent to any node. What happened:</p>
        <pre className="snippet">{error.message}</pre>
        <Button onClick={() => this.setState({ error: undefined })}>Draw it again</Button>
      </div>
    );
  }
}
