namespace EdgeGateway.Search;

/// <summary>What a field's values are taken as.</summary>
public enum FieldType
{
    Number,
    String,
    Boolean,
}
