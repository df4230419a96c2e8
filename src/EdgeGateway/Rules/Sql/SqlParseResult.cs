using System.Diagnostics.CodeAnalysis;

namespace EdgeGateway.Rules.Sql;

/// <summary>A statement, or why there is none.</summary>
internal sealed record SqlParseResult(SqlStatement? Statement, SqlError? Error)
{
    [MemberNotNullWhen(true, nameof(Statement))]
    [MemberNotNullWhen(false, nameof(Error))]
    public bool Succeeded => Statement is not null;
}
