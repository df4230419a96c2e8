using EdgeGateway.Search.Fields;

namespace EdgeGateway.Search.Query;

/// <summary>Whether an entry of the index is what a query asks for.</summary>
/// <param name="seesDynamicGroups">False for the queries of dynamic groups themselves, which else could chase each other.</param>
internal readonly struct QueryEvaluator(bool seesDynamicGroups)
{
    public bool Holds(QueryNode query, IndexEntry entry) => query switch
    {
        QueryNode.All => true,
        QueryNode.And both => Holds(both.Left, entry) && Holds(both.Right, entry),
        QueryNode.Or either => Holds(either.Left, entry) || Holds(either.Right, entry),
        QueryNode.Not not => !Holds(not.Inner, entry),
        QueryNode.Match match => Holds(match, entry),
        QueryNode.Near near => near.Holds(near.Field.Part == FieldPart.Shadow ? entry.Shadow(near.Field.Shadow) : entry.Registry),
        _ => throw new InvalidOperationException($"{query.GetType()} is no query"),
    };

    private bool Holds(QueryNode.Match match, IndexEntry entry)
    {
        switch (match.Field.Part)
        {
            case FieldPart.Registry:
                return Holds(match, entry.Registry);
            case FieldPart.Connectivity:
                return Holds(match, entry.Connectivity);
            case FieldPart.Shadow:
                return entry.Shadow(match.Field.Shadow) is { } shadow && Holds(match, shadow);
            default:
                if (Holds(match, entry.Registry) || Holds(match, entry.Connectivity))
                    return true;
                foreach (var (_, fields) in entry.Shadows)
                    if (Holds(match, fields))
                        return true;
                return false;
        }
    }

    private bool Holds(QueryNode.Match match, byte[] fields)
    {
        var (field, isAny) = (match.Field.Hash, match.Field.Part == FieldPart.Any);
        var value = new FieldReader(fields);
        while (value.Next())
            if ((isAny || value.Field == field) && (seesDynamicGroups || !value.IsDynamic) && match.Test.Holds(value))
                return true;
        return false;
    }
}
