/** Markdown as elements, never as HTML: raw HTML and images stay text, and a link shows where it leads. */
import { Lexer, type Token, type Tokens } from "marked";
import type { ComponentChildren } from "preact";
import type { Markdown as MarkdownComponent } from "../generated/contract";
import { Code, Shown } from "../shown";

export function Markdown({ component }: { component: MarkdownComponent }) {
  return <div class="escher-markdown">{nodes(new Lexer().lex(component.data.content))}</div>;
}

function nodes(tokens: readonly Token[] | undefined): ComponentChildren {
  return tokens?.map((token, index) => <Node key={index} token={token} />);
}

const SIMPLE: Record<string, "p" | "b" | "em" | "del" | "blockquote"> = {
  paragraph: "p",
  strong: "b",
  em: "em",
  del: "del",
  blockquote: "blockquote",
};

function Node({ token }: { token: Token }): ComponentChildren {
  const Simple = SIMPLE[token.type];
  if (Simple) return <Simple>{nodes((token as Tokens.Strong).tokens)}</Simple>;
  switch (token.type) {
    case "space":
      return null;
    case "heading":
      return <h4>{nodes(token.tokens)}</h4>;
    case "code":
      return <Code text={token.text as string} label="Code" />;
    case "codespan":
      return (
        <code>
          <Shown text={token.text as string} />
        </code>
      );
    case "br":
      return <br />;
    case "hr":
      return <hr />;
    case "list":
      return <ListNode list={token as Tokens.List} />;
    case "link":
      return <Link link={token as Tokens.Link} />;
    case "table":
      return <TableNode table={token as Tokens.Table} />;
    case "text":
      return (token as Tokens.Text).tokens ? (
        nodes((token as Tokens.Text).tokens)
      ) : (
        <Shown text={unescaped(token.text as string)} />
      );
    default:
      return <Shown text={token.raw} />;
  }
}

function ListNode({ list }: { list: Tokens.List }) {
  const items = list.items.map((item, index) => <li key={index}>{nodes(item.tokens)}</li>);
  return list.ordered ? <ol start={Number(list.start) || 1}>{items}</ol> : <ul>{items}</ul>;
}

function Link({ link }: { link: Tokens.Link }): ComponentChildren {
  const same = link.text === link.href;
  const label = same ? null : <>{nodes(link.tokens)} </>;
  if (!/^https?:\/\//i.test(link.href)) return <Shown text={link.raw} />;
  return (
    <>
      {label}
      <a href={link.href} target="_blank" rel="noopener noreferrer nofollow">
        <Shown text={link.href} />
      </a>
    </>
  );
}

function TableNode({ table }: { table: Tokens.Table }) {
  return (
    <table>
      <thead>
        <tr>
          {table.header.map((cell, index) => (
            <th key={index} scope="col">
              {nodes(cell.tokens)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {table.rows.map((row, at) => (
          <tr key={at}>
            {row.map((cell, index) => (
              <td key={index}>{nodes(cell.tokens)}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const ENTITIES: Record<string, string> = { "&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"', "&#39;": "'" };

function unescaped(text: string): string {
  return text.replace(/&(?:amp|lt|gt|quot|#39);/g, (entity) => ENTITIES[entity]!);
}
