namespace EdgeGateway.Identity.Policies;

/// <summary>Policies and what they are attached to (AWS guide: IoT policies): the one door the API, the command line and provisioning share.</summary>
/// <remarks>
/// Writes complete when they are on disk and in force, on live connections too. Every change is audited under <c>actor</c>. Refusals are
/// <see cref="IdentityException"/>, a faulty document is <see cref="MalformedPolicyException"/>.
/// </remarks>
public interface IPolicies
{
    Task<PolicyVersion> CreateAsync(string name, string document, string actor);

    /// <summary>At most five versions at a time.</summary>
    Task<PolicyVersion> CreateVersionAsync(string name, string document, bool setAsDefault, string actor);

    Task SetDefaultVersionAsync(string name, long version, string actor);

    /// <summary>Any but the default.</summary>
    Task DeleteVersionAsync(string name, long version, string actor);

    /// <summary>Needs no target and no version but the default.</summary>
    Task DeleteAsync(string name, string actor);

    /// <param name="target">ARN of a certificate, user or thing group. Attaching again changes nothing.</param>
    Task AttachAsync(string name, string target, string actor);

    /// <summary>Detaching what is not attached changes nothing.</summary>
    Task DetachAsync(string name, string target, string actor);

    Policy? Find(string name);

    /// <param name="version">Null for the default.</param>
    PolicyVersion? FindVersion(string name, long? version);

    IReadOnlyList<PolicyVersion> Versions(string name);

    /// <summary>By creation date, oldest first.</summary>
    IReadOnlyList<Policy> List();

    /// <summary>Names of the policies attached to a target, in the order of attaching.</summary>
    IReadOnlyList<string> AttachedTo(string target);

    /// <summary>Targets a policy is attached to, in the order of attaching.</summary>
    IReadOnlyList<string> TargetsOf(string name);
}
