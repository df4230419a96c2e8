namespace EdgeGateway.Registry;

/// <summary>What the registry knows, for the parts that decide by it. Answers come from memory and show every write that was answered.</summary>
/// <remarks>Thread-safe; each answer is one consistent state. Principals are named by their ARN, such as <c>arn:aws:iot:REGION:ACCOUNT:cert/ID</c>.</remarks>
public interface IThingCatalog
{
    /// <summary>Null when there is no thing of that name; names are case sensitive.</summary>
    Thing? Find(string thingName);

    /// <summary>Names of the groups the thing is in and of all their ancestors, each once, a group before its parent; empty for an unknown thing.</summary>
    IReadOnlyList<string> GroupsOf(string thingName);

    bool IsAttached(string thingName, string principalArn);

    /// <summary>Names of the things the principal is attached to, in order of their names.</summary>
    IReadOnlyList<string> ThingsOf(string principalArn);

    /// <summary>The one thing the principal is bound to exclusively; null when it is not (lifecycle events print it).</summary>
    string? ExclusiveThingOf(string principalArn);

    /// <summary>ARNs of the principals attached to the thing, in order.</summary>
    IReadOnlyList<string> PrincipalsOf(string thingName);

    /// <summary>All things in order of their names, as they are now; the list does not change while it is read.</summary>
    IReadOnlyList<Thing> Things { get; }
}
