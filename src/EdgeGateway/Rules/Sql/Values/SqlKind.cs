namespace EdgeGateway.Rules.Sql;

/// <summary>The types of rules.md §4.</summary>
internal enum SqlKind : byte
{
    Undefined,
    Null,
    Boolean,
    Int,
    Decimal,
    String,
    Array,
    Object,
}
