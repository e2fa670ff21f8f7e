export const ConnectionsView = () => (
  <div className="center">
    <h1>Connections</h1>
  </div>
);
