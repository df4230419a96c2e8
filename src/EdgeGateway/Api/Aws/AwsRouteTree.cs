namespace EdgeGateway.Api.Aws;

/// <summary>
/// Finds the operation of a request target. Works on the target as sent: labels are split at literal slashes and decoded once afterwards,
/// because topics and ARNs hold <c>%2F</c>.
/// </summary>
internal sealed class AwsRouteTree
{
    private readonly Node _root = new();

    public AwsRouteTree(IEnumerable<AwsRoute> routes)
    {
        foreach (var route in routes)
            Add(route);
    }

    /// <param name="path">Raw, from the first slash, without the query.</param>
    /// <returns>
    /// The routes there, more than one where services share it, with the labels; null for an unknown path; an empty list for a known path without that method.
    /// </returns>
    public AwsRouteMatch? Find(string method, string path)
    {
        var segments = path.TrimEnd('/').Split('/')[1..];
        return segments.Length == 0 ? null : Find(_root, segments, 0, []) is var (node, labels) ? Pick(node, method, labels) : null;
    }

    private static AwsRouteMatch Pick(Node node, string method, List<string> labels)
    {
        var routes = node.Routes.Where(route => route.Method == method).ToList();
        var names = routes.Count == 0 ? [] : Names(routes[0].Path);
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < names.Count; i++)
            values[names[i]] = PercentEncoding.Decode(labels[i]);
        return new(routes, values);
    }

    /// <summary>Literal before label before rest, with a way back: <c>/thing-groups/addThingToThingGroup</c> has no label of that name under PUT.</summary>
    private static (Node Node, List<string> Labels)? Find(Node node, string[] segments, int at, List<string> labels)
    {
        if (at == segments.Length)
            return node.Routes.Count > 0 ? (node, labels) : null;
        var segment = segments[at];
        if (node.Literals.TryGetValue(segment, out var literal) && Find(literal, segments, at + 1, labels) is { } exact)
            return exact;
        if (node.Label is not null && segment.Length > 0 && Find(node.Label, segments, at + 1, [.. labels, segment]) is { } labelled)
            return labelled;
        return node.Rest is null ? null : (node.Rest, [.. labels, string.Join('/', segments[at..])]);
    }

    private static List<string> Names(string path) =>
        [.. path.Split('/').Where(static part => part.StartsWith('{')).Select(static part => part.Trim('{', '}', '+'))];

    private void Add(AwsRoute route)
    {
        var node = _root;
        foreach (var part in route.Path.Split('/')[1..])
        {
            if (part.EndsWith("+}", StringComparison.Ordinal))
                node = node.Rest ??= new();
            else if (part.StartsWith('{'))
                node = node.Label ??= new();
            else
                node = Literal(node, part);
        }
        node.Routes.Add(route);
    }

    private static Node Literal(Node node, string part)
    {
        if (!node.Literals.TryGetValue(part, out var next))
            node.Literals[part] = next = new();
        return next;
    }

    private sealed class Node
    {
        public Dictionary<string, Node> Literals { get; } = new(StringComparer.Ordinal);
        public Node? Label { get; set; }
        public Node? Rest { get; set; }
        public List<AwsRoute> Routes { get; } = [];
    }
}
