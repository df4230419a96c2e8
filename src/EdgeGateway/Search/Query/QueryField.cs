using EdgeGateway.Search.Fields;

namespace EdgeGateway.Search.Query;

/// <summary>A field that a query names.</summary>
/// <param name="Name">Canonical, such as <c>thingTypeName</c> for <c>registry.thingTypeName</c>; empty for any field.</param>
/// <param name="Shadow">Of <see cref="FieldPart.Shadow"/>: the shadow's name, empty for the classic one.</param>
internal sealed record QueryField(string Name, FieldPart Part, string Shadow = "")
{
    public static QueryField Any { get; } = new("", FieldPart.Any);

    public ulong Hash { get; } = FieldName.Of(Name);

    /// <summary>A place in it begins with the longitude where it is a text or an array.</summary>
    public bool IsLonLat { get; init; }

    /// <summary>It is an attribute or of a shadow.</summary>
    public bool MayHoldPlace => Part == FieldPart.Shadow || (Part == FieldPart.Registry && Name.StartsWith(IndexFields.Attributes, StringComparison.Ordinal));
}
