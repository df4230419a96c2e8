namespace EdgeGateway.Rules.Sql;

/// <summary>The types (AWS guide: SQL data types).</summary>
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
