namespace EdgeGateway.Registry;

/// <summary>The categories of events that are on.</summary>
/// <param name="Enabled">Names of <see cref="Categories"/>.</param>
/// <param name="CreatedAt">Unix time in milliseconds of the first change.</param>
/// <param name="ModifiedAt">And of the last.</param>
internal sealed record EventSwitches(IReadOnlySet<string> Enabled, long? CreatedAt, long? ModifiedAt)
{
    /// <summary>All that AWS has, those of other parts too.</summary>
    public static IReadOnlyList<string> Categories { get; } =
    [
        "THING", "THING_GROUP", "THING_TYPE", "THING_GROUP_MEMBERSHIP", "THING_GROUP_HIERARCHY", "THING_TYPE_ASSOCIATION",
        "JOB", "JOB_EXECUTION", "POLICY", "CERTIFICATE", "CA_CERTIFICATE",
    ];

    public static EventSwitches Default { get; } = new(new HashSet<string>(), null, null);
}
