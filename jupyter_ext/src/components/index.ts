/** Every component that comes with Escher, by the type it shows. */
import { register } from "../registry";
import { ConfirmationCard } from "./confirmation_card";
import { ErrorCard } from "./error_card";
import { ExecutionPlan } from "./execution_plan";
import { ExecutionResult } from "./execution_result";
import { List } from "./list";
import { Markdown } from "./markdown";
import { Metric } from "./metric";
import { PolicyEditor } from "./policy_editor";
import { ProgressTracker } from "./progress_tracker";
import { ResourceTable } from "./resource_table";
import { Table } from "./table";
import { Text } from "./text";

register("text", Text, ["data.content"]);
register("markdown", Markdown, ["data.content"]);
register("metric", Metric, ["props.label", "data.value"]);
register("table", Table, ["props.columns", "data.rows"]);
register("resource_table", ResourceTable, ["props.columns", "data.rows"]);
register("list", List, ["data.items"]);
register("confirmation_card", ConfirmationCard, ["data.plan_id", "data.digest"]);
register("execution_plan", ExecutionPlan, ["data.plan"]);
register("progress_tracker", ProgressTracker, ["data.run_id", "data.steps"]);
register("execution_result", ExecutionResult, ["data.status", "data.summary"]);
register("policy_editor", PolicyEditor, ["data.text", "data.number"]);
register("error_card", ErrorCard, ["data.message"]);
