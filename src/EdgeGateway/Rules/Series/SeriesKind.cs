namespace EdgeGateway.Rules.Series;

/// <summary>What the values of a series are, as Timestream names them.</summary>
public enum SeriesKind
{
    /// <summary>`bigint` or `double`: one sensor says 21 and 21.5.</summary>
    Number,
    Boolean,
    Varchar,
}
