/** Resources: a table whose ids are in mono and whose states bear a dot. */
import type { ResourceTable as ResourceTableComponent } from "../generated/contract";
import { Table } from "./table";

export function ResourceTable({ component }: { component: ResourceTableComponent }) {
  return <Table component={component} />;
}
