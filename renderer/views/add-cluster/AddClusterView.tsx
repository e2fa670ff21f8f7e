export const AddClusterView = () => (
  <div className="center">
    <h1>AddCluster</h1>
  </div>
);
