namespace EdgeGateway.Rules.Sql;

/// <summary>Unwinds the parser; caught where parsing starts and given back as <see cref="SqlError"/>.</summary>
internal sealed class SqlSyntaxException(int position, string message, string expected) : Exception(message)
{
    public int Position => position;

    public string Expected => expected;
}
