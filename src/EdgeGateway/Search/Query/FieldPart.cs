namespace EdgeGateway.Search.Query;

/// <summary>Which part of a thing holds a field.</summary>
internal enum FieldPart
{
    /// <summary>Any: a term without a field.</summary>
    Any,
    Registry,
    Connectivity,
    Shadow,
}
