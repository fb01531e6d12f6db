// Generated from escher/contract by `npm run types`. Do not edit: change the Python contract instead.

export type Component = (Text | Markdown | Metric | Table | ResourceTable | ListComponent | ExecutionPlan | ConfirmationCard | ProgressTracker | ExecutionResult | PolicyEditor | ErrorCard)
export type PageMessage = (FetchView | ApprovePlan | CheckPolicy | SavePolicy | CancelRun | PauseRun)
export type KernelMessage = (ShowView | PutComponents | AppendOutput)

export interface Contract {
Component: Component
PageMessage: PageMessage
KernelMessage: KernelMessage
}
/**
 * A sentence that says what was understood.
 */
export interface Text {
id: string
type: "text"
props: NoProps
data: TextData
}
/**
 * No properties.
 */
export interface NoProps {

}
/**
 * One paragraph. `**bold**` is the only markup a `text` has.
 */
export interface TextData {
content: string
}
/**
 * Markdown; raw HTML and remote images are shown as text.
 */
export interface Markdown {
id: string
type: "markdown"
props: NoProps
data: TextData
}
/**
 * One figure with its label; several in a row are shown as the pills of the mock ("understood stop").
 */
export interface Metric {
id: string
type: "metric"
props: MetricProps
data: MetricData
}
/**
 * Label and form of a figure.
 */
export interface MetricProps {
label: string
format: ("text" | "code" | "number" | "currency" | "percent" | "datetime" | "state" | "age")
unit: string
tone: ("plain" | "ok" | "warn" | "bad")
}
/**
 * The figure.
 */
export interface MetricData {
value: (string | number | boolean | null)
delta: (number | null)
}
/**
 * Any rows.
 */
export interface Table {
id: string
type: "table"
props: TableProps
data: TableData
}
/**
 * How a table behaves.
 */
export interface TableProps {
title: string
subtitle: string
footer: string
tags: string[]
sortable: boolean
searchable: boolean
columns: Column[]
total: (number | null)
}
/**
 * A column of a table.
 */
export interface Column {
key: string
label: string
format: ("text" | "code" | "number" | "currency" | "percent" | "datetime" | "state" | "age")
}
/**
 * Rows by column key; at most 5 000, the rest is in the frame.
 */
export interface TableData {
/**
 * @maxItems 5000
 */
rows: {
[k: string]: string | number | boolean | null
}[]
}
/**
 * Resources: name, id, account, region, type, state.
 */
export interface ResourceTable {
id: string
type: "resource_table"
props: TableProps
data: TableData
}
/**
 * A few sentences, one below the other; choices of a clarification prefill the prompt when clicked.
 */
export interface ListComponent {
id: string
type: "list"
props: ListProps
data: ListData
}
/**
 * How a list looks.
 */
export interface ListProps {
title: string
ordered: boolean
/**
 * A click on an item copies it, for the next question
 */
selectable: boolean
}
/**
 * Its items.
 */
export interface ListData {
items: string[]
}
/**
 * The steps of a plan: what runs where, what it changes, how it is undone.
 */
export interface ExecutionPlan {
id: string
type: "execution_plan"
props: PlanProps
data: PlanData
}
/**
 * What stands around a plan.
 */
export interface PlanProps {
subtitle: string
account_line: string
}
/**
 * The plan itself: local, resolved, with its digest.
 */
export interface PlanData {
plan: Plan
skipped: string
}
/**
 * All that is approved. `digest` is the SHA-256 of the canonical JSON (RFC 8785) of every other field.
 * 
 * `confirmation` lists the answers of which one must be typed before this plan can be granted; empty: a click is enough.
 * `playbook_sha256` is the content hash of the playbook whose `parameters` were filled; empty when there was none.
 * `generated` says that its playbook was made for the request and never reviewed; such a plan is always approved.
 * A plan in waves stops after the wave in which more than `error_budget` (a share) of the targets so far have failed.
 * `undoes` and `resumes` name the run whose effects it takes back, or whose failed steps it does again.
 */
export interface Plan {
plan_id: string
digest: string
question: string
title: string
playbook_id: string
version: string
playbook_sha256: string
parameters: {
[k: string]: string | number | boolean | null
}
risk: ("low" | "medium" | "high" | "critical")
effect: ("read" | "write" | "destroy" | "secret" | "unknown")
reversible: boolean
requires_approval: boolean
generated: boolean
confirmation: string[]
warnings: string[]
approvals_required: number
strategy: ("serial" | "parallel" | "dependency")
max_concurrency: number
error_budget: number
undoes: string
resumes: string
policy_version: string
created_at: string
expires_at: string
steps: Step[]
}
/**
 * One call in one account and region, on targets that were shown.
 * 
 * `irreversible_because` says why there is no rollback, or what the rollback does not bring back.
 * `needs` are ids of steps that must have completed before (strategy `dependency`). Steps of one `wave` (1, 2, …) act
 * on the same few targets; those of wave 0 stand before all waves.
 */
export interface Step {
title: string
language: ("bash" | "python")
script: string
arguments: string[]
environment: {
[k: string]: string
}
commands: string[]
operations: Operation[]
step_id: string
number: number
description: string
phase: ("check" | "change" | "verify")
effect: ("read" | "write" | "destroy" | "secret" | "unknown")
provider: ("aws" | "azure" | "gcp")
account_id: string
account_name: string
region: string
targets: string[]
failure_action: ("stop" | "ignore" | "retry")
timeout_seconds: number
needs: string[]
wave: number
retry: RetryConfig
rollback: (Call | null)
irreversible_because: string
}
/**
 * One call of a provider's API, spelt as its CLI spells it: `ec2`, `stop-instances`; parameters as the API's.
 */
export interface Operation {
provider: ("aws" | "azure" | "gcp")
service: string
operation: string
parameters: {
[k: string]: unknown
}
effect: ("read" | "write" | "destroy" | "secret" | "unknown")
}
/**
 * How a step that failed is tried again; only ever where that is safe. The last wait goes for all that follow.
 * 
 * Without exit codes and patterns (substrings of what it wrote to stderr) what is transient at the clouds counts.
 */
export interface RetryConfig {
max_attempts: number
backoff_seconds: number[]
exit_codes: number[]
patterns: string[]
}
/**
 * Exact bytes with their arguments, and what the client itself read in them.
 * 
 * `script` is what runs, byte for byte; `environment` is all that is set for it besides the account's credentials and
 * a fixed PATH, HOME and locale; `commands` is the same resolved to what a person would type.
 */
export interface Call {
title: string
language: ("bash" | "python")
script: string
arguments: string[]
environment: {
[k: string]: string
}
commands: string[]
operations: Operation[]
}
/**
 * The one place where a click is consent.
 */
export interface ConfirmationCard {
id: string
type: "confirmation_card"
props: ConfirmationProps
data: ConfirmationData
}
/**
 * How consent is given.
 */
export interface ConfirmationProps {
action: string
risk: ("low" | "medium" | "high" | "critical")
effect: ("read" | "write" | "destroy" | "secret" | "unknown")
/**
 * What must be typed; empty: a click is enough
 */
typed: string
}
/**
 * What is consented to.
 */
export interface ConfirmationData {
plan_id: string
digest: string
summary: string
warnings: string[]
accounts: string[]
regions: string[]
expires_at: string
state: ("open" | "granted" | "used" | "expired" | "refused")
}
/**
 * A run while it runs.
 */
export interface ProgressTracker {
id: string
type: "progress_tracker"
props: ProgressProps
data: ProgressData
}
/**
 * Title of a run.
 */
export interface ProgressProps {
title: string
}
/**
 * How far a run is, with its last lines.
 */
export interface ProgressData {
run_id: string
status: ("pending" | "running" | "paused" | "completed" | "failed" | "cancelled" | "timeout" | "interrupted")
steps: TrackedStep[]
lines: OutputLine[]
started_at: string
elapsed_s: number
footer: string
}
/**
 * One step of a run.
 */
export interface TrackedStep {
step_id: string
title: string
account: string
region: string
status: ("pending" | "running" | "completed" | "failed" | "cancelled" | "timeout")
}
/**
 * One line that a step printed. `at` is UTC, ISO 8601; `seq` counts from 1 without gaps within a run.
 */
export interface OutputLine {
seq: number
at: string
step_id: string
stream: ("stdout" | "stderr")
text: string
}
/**
 * The end of a run.
 */
export interface ExecutionResult {
id: string
type: "execution_result"
props: ResultProps
data: ResultData
}
/**
 * Title of a result.
 */
export interface ResultProps {
title: string
}
/**
 * How a run ended. `protections` are sentences about what stood around its steps.
 */
export interface ResultData {
run_id: string
plan_id: string
status: ("completed" | "failed" | "cancelled" | "timeout" | "interrupted")
summary: string
duration_s: number
steps: TrackedStep[]
output: string
error: string
audit_entry: (number | null)
next_actions: string[]
protections: string[]
remedies: Remedy[]
}
/**
 * What may help after a failure. `prompt`, where there is one, is what to ask for; nothing is done by itself.
 */
export interface Remedy {
title: string
reason: string
risk: ("low" | "medium" | "high" | "critical")
prompt: string
}
/**
 * The user's policy, to read, to change and to save. Made by the client alone.
 */
export interface PolicyEditor {
id: string
type: "policy_editor"
props: NoProps
data: PolicyData
}
/**
 * The policy that `text` (TOML) is, where it can be read, and what is wrong with it where it cannot.
 * 
 * `number` and `saved_at` are of the version in force, which is what `text` was made from; `checked` is the digest of
 * the text that `problems`, `notes`, `policy` and `answer` are about. `answer` is what it says of the sample, and
 * `untried` why it says nothing. `saved` is the digest of the text that was saved here last.
 */
export interface PolicyData {
number: number
saved_at: string
text: string
checked: string
policy: (Policy | null)
problems: string[]
notes: string[]
answer: (PolicyAnswer | null)
untried: string
saved: string
}
/**
 * All that the user has laid down. The empty policy: reads of the client's own run, whatever changes asks.
 * 
 * `many_targets` and `protected_environments` raise the risk by a level each; from the risk `type_from` on, the
 * target's name is typed. `presence` is where consent is given: in the page, or to the operating system.
 */
export interface Policy {
/**
 * @maxItems 200
 */
rules: PolicyRule[]
/**
 * @maxItems 200
 */
limits: Limit[]
/**
 * @maxItems 200
 */
freezes: Freeze[]
/**
 * @maxItems 100
 */
approvers: Approver[]
/**
 * @maxItems 200
 */
second_person_for: When[]
presence: ("page" | "os")
many_targets: number
protected_environments: string[]
type_from: ("low" | "medium" | "high" | "critical")
}
/**
 * What is decided about the acts that meet it. `require_confirmation`: the target's name must be typed as well.
 */
export interface PolicyRule {
/**
 * @maxItems 100
 */
actions: string[]
effects: ("read" | "write" | "destroy" | "secret" | "unknown")[]
kinds: ("compute_instance" | "database_instance" | "object_storage" | "function" | "network" | "subnet" | "firewall" | "disk" | "snapshot" | "ip_address" | "identity" | "secret_store" | "load_balancer" | "nosql_table" | "image" | "template" | "scaling_group" | "network_interface" | "route_table" | "gateway" | "peering" | "endpoint" | "vpn" | "dns_zone" | "certificate" | "cdn" | "api" | "cache" | "file_system" | "queue" | "topic" | "stream" | "container_cluster" | "container_service" | "container_registry" | "workflow" | "event_rule" | "log_group" | "alarm" | "key" | "key_pair" | "policy" | "stack" | "backup_vault" | "data_warehouse" | "search_domain" | "analytics" | "machine_learning" | "app" | "app_plan" | "resource_group" | "reservation" | "target_group" | "other")[]
/**
 * @maxItems 100
 */
tags: string[]
environments: string[]
/**
 * @maxItems 100
 */
accounts: string[]
/**
 * @maxItems 100
 */
regions: string[]
/**
 * @maxItems 100
 */
playbooks: string[]
more_than: (number | null)
costs_more_than: (number | null)
name: string
effect: ("allow" | "ask" | "deny")
require_confirmation: boolean
}
/**
 * How many things one plan may change: of a kind, or of any; a number, or a share of all there are of the kind.
 */
export interface Limit {
name: string
kind: (("compute_instance" | "database_instance" | "object_storage" | "function" | "network" | "subnet" | "firewall" | "disk" | "snapshot" | "ip_address" | "identity" | "secret_store" | "load_balancer" | "nosql_table" | "image" | "template" | "scaling_group" | "network_interface" | "route_table" | "gateway" | "peering" | "endpoint" | "vpn" | "dns_zone" | "certificate" | "cdn" | "api" | "cache" | "file_system" | "queue" | "topic" | "stream" | "container_cluster" | "container_service" | "container_registry" | "workflow" | "event_rule" | "log_group" | "alarm" | "key" | "key_pair" | "policy" | "stack" | "backup_vault" | "data_warehouse" | "search_domain" | "analytics" | "machine_learning" | "app" | "app_plan" | "resource_group" | "reservation" | "target_group" | "other") | null)
at_most: (number | null)
at_most_percent: (number | null)
}
/**
 * When nothing is changed: between two moments, or every week on some days from `start` to `end`.
 * 
 * A window that ends at or before its start ends on the next day. Empty `effects`: every change; empty
 * `environments`: everywhere, else where a tag names one of them.
 */
export interface Freeze {
name: string
from: (string | null)
until: (string | null)
days: ("mon" | "tue" | "wed" | "thu" | "fri" | "sat" | "sun")[]
start: string
end: string
zone: string
effects: ("read" | "write" | "destroy" | "secret" | "unknown")[]
environments: string[]
}
/**
 * A second person: the name, and the Ed25519 key that this person signs with, as 64 hexadecimal digits.
 */
export interface Approver {
name: string
public_key: string
}
/**
 * What an act must meet, all of it. A list is met by any of its items, an empty one by everything.
 * 
 * `actions` are patterns over `provider service operation` as the clouds' CLIs spell them. Without actions and effects
 * it is about whatever changes something. `more_than` counts those of a plan's targets that meet the rest, and
 * `costs_more_than` sums what they cost (USD a month); a cost that is not known counts as more.
 */
export interface When {
/**
 * @maxItems 100
 */
actions: string[]
effects: ("read" | "write" | "destroy" | "secret" | "unknown")[]
kinds: ("compute_instance" | "database_instance" | "object_storage" | "function" | "network" | "subnet" | "firewall" | "disk" | "snapshot" | "ip_address" | "identity" | "secret_store" | "load_balancer" | "nosql_table" | "image" | "template" | "scaling_group" | "network_interface" | "route_table" | "gateway" | "peering" | "endpoint" | "vpn" | "dns_zone" | "certificate" | "cdn" | "api" | "cache" | "file_system" | "queue" | "topic" | "stream" | "container_cluster" | "container_service" | "container_registry" | "workflow" | "event_rule" | "log_group" | "alarm" | "key" | "key_pair" | "policy" | "stack" | "backup_vault" | "data_warehouse" | "search_domain" | "analytics" | "machine_learning" | "app" | "app_plan" | "resource_group" | "reservation" | "target_group" | "other")[]
/**
 * @maxItems 100
 */
tags: string[]
environments: string[]
/**
 * @maxItems 100
 */
accounts: string[]
/**
 * @maxItems 100
 */
regions: string[]
/**
 * @maxItems 100
 */
playbooks: string[]
more_than: (number | null)
costs_more_than: (number | null)
}
/**
 * What a policy says of an act: `escher policy check`. `rules` are the names of those that decided.
 * 
 * `confirmation` is what would have to be typed, one of these; `plan_id` is set where a plan was asked about.
 */
export interface PolicyAnswer {
decision: ("allow" | "ask" | "deny")
rules: string[]
because: string
confirmation: string[]
approvals_required: number
risk: (("low" | "medium" | "high" | "critical") | null)
warnings: string[]
plan_id: string
policy_version: string
}
/**
 * A failure in words.
 */
export interface ErrorCard {
id: string
type: "error_card"
props: ErrorProps
data: ErrorData
}
/**
 * Title of an error.
 */
export interface ErrorProps {
title: string
}
/**
 * What went wrong, and the next move.
 */
export interface ErrorData {
code: string
message: string
hint: string
details: string
}
/**
 * Page to kernel: send me everything this view shows.
 * 
 * `key` is the page's public key (P-256, uncompressed, base64); the first page that shows a view may approve in it.
 */
export interface FetchView {
v: 1
type: "view.fetch"
id: string
key: string
}
/**
 * Page to kernel: a person clicked Approve on the plan with this digest.
 * 
 * `signature` (ECDSA P-256 with SHA-256, 64 bytes, base64) is the page key's over `signed_bytes`.
 */
export interface ApprovePlan {
v: 1
type: "plan.approve"
id: string
plan_id: string
digest: string
confirmation: string
signature: string
}
/**
 * Page to kernel: read this text of a policy, and try it on an act. Nothing is saved; the editor's card answers.
 */
export interface CheckPolicy {
v: 1
type: "policy.check"
id: string
text: string
sample: (Sample | null)
}
/**
 * An act to try a policy on, made up or real: `action` as the CLI spells it, on the resource of that name.
 */
export interface Sample {
action: string
target: string
count: number
}
/**
 * Page to kernel: a person clicked Save under this text; it was made from version `based_on`.
 * 
 * `signature` is as in `ApprovePlan`.
 */
export interface SavePolicy {
v: 1
type: "policy.save"
id: string
text: string
based_on: number
signature: string
}
/**
 * Page to kernel: stop the run.
 */
export interface CancelRun {
v: 1
type: "run.cancel"
id: string
run_id: string
}
/**
 * Page to kernel: let the run stand before its next step, or (`paused` false) go on.
 */
export interface PauseRun {
v: 1
type: "run.pause"
id: string
run_id: string
paused: boolean
}
/**
 * Kernel to page: the whole view, in order. Answers `view.fetch`, and replaces what was shown before.
 */
export interface ShowView {
v: 1
type: "view.show"
id: string
seq: number
components: {
[k: string]: unknown
}[]
}
/**
 * Kernel to page: add these components, or replace those with the same id.
 */
export interface PutComponents {
v: 1
type: "view.put"
id: string
seq: number
components: {
[k: string]: unknown
}[]
}
/**
 * Kernel to page: new lines of a run, in batches, at most 20 messages a second.
 */
export interface AppendOutput {
v: 1
type: "run.output"
id: string
seq: number
component_id: string
lines: OutputLine[]
}
