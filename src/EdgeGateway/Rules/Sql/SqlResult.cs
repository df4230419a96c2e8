namespace EdgeGateway.Rules.Sql;

/// <summary>What one evaluation came to.</summary>
internal abstract record SqlResult
{
    private SqlResult()
    {
    }

    /// <summary>The topic or the WHERE did not match: nothing to do, and no error.</summary>
    public sealed record NoMatch : SqlResult
    {
        public static readonly NoMatch Instance = new();
    }

    /// <param name="IsJson">False for binary payloads passed through and for the empty payload.</param>
    /// <param name="Value">The outgoing value; Undefined where the bytes are passed through as they came.</param>
    public sealed record Output(ReadOnlyMemory<byte> Payload, bool IsJson, SqlValue Value) : SqlResult;

    public sealed record Failed(SqlFailure Failure) : SqlResult;
}
