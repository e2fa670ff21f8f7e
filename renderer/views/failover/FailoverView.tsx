export const FailoverView = () => (
  <div className="center">
    <h1>Failover</h1>
  </div>
);
