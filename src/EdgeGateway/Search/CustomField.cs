namespace EdgeGateway.Search;

/// <summary>A field declared for aggregations.</summary>
/// <param name="Name">Such as <c>shadow.reported.temperature</c> or <c>attributes.model</c>.</param>
/// <param name="Type"><c>Number</c>, <c>String</c> or <c>Boolean</c>.</param>
public sealed record CustomField(string Name, FieldType Type);
