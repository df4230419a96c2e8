namespace EdgeGateway.Rules.Sql;

internal enum SqlCastType
{
    String,
    Int,
    Decimal,
    Boolean,

    /// <summary>A name the language does not know: the cast gives Undefined.</summary>
    Unknown,
}
