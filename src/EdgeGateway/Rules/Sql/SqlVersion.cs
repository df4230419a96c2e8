namespace EdgeGateway.Rules.Sql;

/// <summary>The dialects a rule may be written in (`awsIotSqlVersion`); a rule keeps the one it was made with.</summary>
public enum SqlVersion
{
    V20151008,
    V20160323,

    /// <summary>2016-03-23 with the gateway's own decoders (`edge-1`).</summary>
    Edge1,
}

internal static class SqlVersions
{
    public const string Names = "2015-10-08, 2016-03-23, beta or edge-1";

    /// <param name="text">Null means the property is absent: 2015-10-08, as the AWS API has it. `beta` is 2016-03-23.</param>
    public static bool TryParse(string? text, out SqlVersion version)
    {
        (version, var known) = text switch
        {
            null or "2015-10-08" => (SqlVersion.V20151008, true),
            "2016-03-23" or "beta" => (SqlVersion.V20160323, true),
            "edge-1" => (SqlVersion.Edge1, true),
            _ => (default, false),
        };
        return known;
    }

    public static string ToName(this SqlVersion version) => version switch
    {
        SqlVersion.V20151008 => "2015-10-08",
        SqlVersion.V20160323 => "2016-03-23",
        _ => "edge-1",
    };
}
