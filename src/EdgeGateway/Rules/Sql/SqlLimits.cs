namespace EdgeGateway.Rules.Sql;

/// <summary>What one evaluation may cost, and the switches where AWS does not say what is right.</summary>
internal sealed record SqlLimits
{
    public static readonly SqlLimits Default = new();

    public const int MaxStatementChars = 256 * 1024;

    public const int MaxNesting = 64;

    /// <summary>Calls, operators and subquery items one evaluation may come to.</summary>
    public int MaxSteps { get; init; } = 200_000;

    public TimeSpan MaxTime { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Bytes of the outgoing payload and characters of any one String.</summary>
    public int MaxResultBytes { get; init; } = 1024 * 1024;

    /// <summary>AWS's own limits on get_dynamodb: one call a statement, 8 KB a row.</summary>
    public bool StrictLookups { get; init; }

    /// <summary>Int / Int with a remainder cuts it off instead of giving a Decimal.</summary>
    public bool TruncateIntDivision { get; init; }

    public TimeSpan FunctionTimeout { get; init; } = TimeSpan.FromMilliseconds(2000);
}
