import type { Guard } from '../../shared/domain/failover-plan.ts';

export const guard = (code: string, result: Guard['result'], message: string, observedAt: number): Guard => ({
  code,
  result,
  message,
  observedAt,
});
