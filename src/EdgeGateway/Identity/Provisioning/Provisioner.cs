using System.Security.Cryptography;
using System.Text;
using EdgeGateway.Identity.Certificates;
using EdgeGateway.Identity.Policies;
using EdgeGateway.Registry;

namespace EdgeGateway.Identity.Provisioning;

/// <summary>Carries out a plan: thing, groups, policies, attachments, status; all of it, or nothing stays.</summary>
/// <remarks>What can be refused is looked at before the first write; what fails all the same is undone in reverse.</remarks>
internal sealed class Provisioner(
    IThings things, IThingCatalog catalog, IThingGroups groups, ICertificates certificates, PolicyRegistry policies, IdentityArns arns)
{
    /// <summary>Status changes last: a certificate that connects finds everything in place.</summary>
    /// <param name="certificateId">The certificate the plan is about; must be registered.</param>
    /// <exception cref="IdentityException">What is refused, by the first fault.</exception>
    public async Task ApplyAsync(ProvisioningPlan plan, string certificateId, string actor, CancellationToken cancellationToken)
    {
        if (plan.Certificate is { Id: { } named } && named != certificateId)
            throw new IdentityException(IdentityError.InvalidRequest, "the template names another certificate than the one that is provisioned");
        var documents = plan.Policies.ToDictionary(policy => policy, NameOf);
        Check(plan, certificateId);
        var undo = new Stack<Func<Task>>();
        try
        {
            foreach (var (policy, name) in documents)
                await PutPolicyAsync(policy, name, arns.Certificate(certificateId), actor, undo);
            if (plan.Thing is { } thing)
                await PutThingAsync(thing, arns.Certificate(certificateId), undo, cancellationToken);
            if (plan.Certificate is { } certificate && certificates.Find(certificateId)?.Status != certificate.Status)
                await certificates.UpdateAsync(certificateId, certificate.Status, actor);
        }
        catch
        {
            while (undo.TryPop(out var step))
                await step();
            throw;
        }
    }

    /// <summary>A document of a template gets the hash of its text as its name (AWS guide: Device provisioning).</summary>
    internal static string NameOf(PlannedPolicy policy) => policy.Name ?? Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(policy.Document!)));

    private void Check(ProvisioningPlan plan, string certificateId)
    {
        if (certificates.Find(certificateId) is not { } certificate)
            throw IdentityException.NotFound("certificate", certificateId);
        if (plan.Certificate is { } wanted && !certificate.Status.MayBecome(wanted.Status))
            throw new IdentityException(IdentityError.CertificateState, $"certificate {certificateId} is {certificate.Status.ToWire()} and cannot become {wanted.Status.ToWire()}");
        foreach (var policy in plan.Policies)
        {
            if (policy.Document is { } document)
                RequireSound(policy.LogicalName, document);
            else if (policies.Find(policy.Name!) is null)
                throw IdentityException.NotFound("policy", policy.Name!);
        }
        foreach (var group in plan.Thing?.Groups ?? [])
        {
            if (groups.Find(group) is null)
                throw IdentityException.NotFound("thing group", group);
        }
    }

    private void RequireSound(string logicalName, string document)
    {
        try
        {
            policies.Parse(document);
        }
        catch (MalformedPolicyException fault)
        {
            throw new IdentityException(IdentityError.MalformedPolicy, $"Resources.{logicalName}.Properties.PolicyDocument, {fault.Message}");
        }
    }

    private async Task PutPolicyAsync(PlannedPolicy policy, string name, string target, string actor, Stack<Func<Task>> undo)
    {
        if (policy.Document is not null && policies.Find(name) is null)
        {
            await policies.CreateAsync(name, policy.Document, actor);
            undo.Push(() => policies.DeleteAsync(name, actor));
        }
        if (policies.AttachedTo(target).Contains(name))
            return;
        await policies.AttachAsync(name, target, actor);
        undo.Push(() => policies.DetachAsync(name, target, actor));
    }

    private async Task PutThingAsync(PlannedThing planned, string target, Stack<Func<Task>> undo, CancellationToken cancellationToken)
    {
        if (catalog.Find(planned.Name) is { } existing)
        {
            await UpdateThingAsync(planned, existing, undo, cancellationToken);
        }
        else
        {
            Require(await things.CreateAsync(planned.Name, planned.TypeName, planned.Attributes, planned.BillingGroup, cancellationToken));
            undo.Push(() => things.DeleteAsync(planned.Name, expectedVersion: null, CancellationToken.None));
        }
        await PutGroupsAsync(planned, undo, cancellationToken);
        if (Require(await things.AttachAsync(planned.Name, target, exclusive: false, cancellationToken)))
            undo.Push(() => things.DetachAsync(planned.Name, target, CancellationToken.None));
    }

    private async Task UpdateThingAsync(PlannedThing planned, Thing existing, Stack<Func<Task>> undo, CancellationToken cancellationToken)
    {
        var sameAttributes = planned.Attributes.Count == 0 || Same(planned.Attributes, existing.Attributes);
        var sameType = planned.TypeName is null || planned.TypeName == existing.TypeName;
        Refuse(!sameAttributes && planned.AttributesOverride == OverrideSetting.Fail, planned.Name, "attributes");
        Refuse(!sameType && planned.TypeOverride == OverrideSetting.Fail, planned.Name, "thing type");
        var changeAttributes = !sameAttributes && planned.AttributesOverride != OverrideSetting.DoNothing;
        var changeType = !sameType && planned.TypeOverride == OverrideSetting.Replace;
        if (!changeAttributes && !changeType)
            return;
        var update = new ThingUpdate(planned.Name)
        {
            TypeName = changeType ? planned.TypeName : null,
            Attributes = changeAttributes ? new AttributeChange(planned.Attributes, Merge: planned.AttributesOverride == OverrideSetting.Merge) : null,
        };
        Require(await things.UpdateAsync(update, cancellationToken));
        undo.Push(() => things.UpdateAsync(
            new ThingUpdate(planned.Name) { TypeName = existing.TypeName, RemoveType = existing.TypeName is null, Attributes = new AttributeChange(existing.Attributes, Merge: false) }, CancellationToken.None));
    }

    private async Task PutGroupsAsync(PlannedThing planned, Stack<Func<Task>> undo, CancellationToken cancellationToken)
    {
        var current = groups.DirectGroupsOf(planned.Name);
        var missing = planned.Groups.Except(current).ToList();
        var surplus = planned.GroupsOverride == OverrideSetting.Replace ? current.Except(planned.Groups).ToList() : [];
        if ((missing.Count == 0 && surplus.Count == 0) || planned.Groups.Count == 0)
            return;
        Refuse(current.Count > 0 && missing.Count > 0 && planned.GroupsOverride == OverrideSetting.Fail, planned.Name, "groups");
        if (current.Count > 0 && planned.GroupsOverride == OverrideSetting.DoNothing)
            return;
        Require(await groups.ChangeMembershipAsync(planned.Name, missing, surplus, cancellationToken));
        undo.Push(() => groups.ChangeMembershipAsync(planned.Name, surplus, missing, CancellationToken.None));
    }

    private static bool Same(IReadOnlyDictionary<string, string> wanted, IReadOnlyDictionary<string, string> actual) =>
        wanted.Count == actual.Count && wanted.All(pair => actual.TryGetValue(pair.Key, out var value) && value == pair.Value);

    private static void Refuse(bool conflict, string thing, string what)
    {
        if (conflict)
            throw new IdentityException(IdentityError.ResourceAlreadyExists, $"thing {thing} exists with other {what}, and the template does not say to override them") { ResourceId = thing };
    }

    private static T Require<T>(RegistryResult<T> result) => result switch
    {
        RegistryResult<T>.Done { Value: var value } => value,
        RegistryResult<T>.Refused { Error: var error } => throw RegistryErrors.ToException(error),
        _ => throw new InvalidOperationException(),
    };
}
