// Starts GraphiQL. A query, its variables and the name of its operation may stand in the address, so that a link can
// hold an example.
(() => {
  const address = new URLSearchParams(window.location.search);
  const given = (name) => address.get(name) ?? undefined;
  const welcome = `# Lectern, a catalogue of courses.
# Run this with the button to the right;
# the book at the left explains every field.
{
  courses(query: "python", first: 5) {
    totalCount
    nodes {
      title
      provider { name }
      price { amount currency }
      skills { name }
    }
  }
}
`;
  const page = React.createElement(GraphiQL, {
    fetcher: GraphiQL.createFetcher({ url: window.location.pathname }),
    defaultQuery: welcome,
    query: given("query"),
    variables: given("variables"),
    operationName: given("operationName"),
    defaultEditorToolsVisibility: false,
  });
  ReactDOM.createRoot(document.getElementById("graphiql")).render(page);
})();
