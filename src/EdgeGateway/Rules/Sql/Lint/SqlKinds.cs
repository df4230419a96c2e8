namespace EdgeGateway.Rules.Sql;

/// <summary>The types a value may turn out to have.</summary>
[Flags]
internal enum SqlKinds
{
    None = 0,
    Undefined = 1,
    Null = 2,
    Boolean = 4,
    Number = 8,
    String = 16,
    Array = 32,
    Object = 64,
    Any = 127,
}
