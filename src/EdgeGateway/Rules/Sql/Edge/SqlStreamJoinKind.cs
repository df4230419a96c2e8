namespace EdgeGateway.Rules.Sql;

internal enum SqlStreamJoinKind
{
    Inner,
    Left,
    Right,
    Full,
    Cross,
}
