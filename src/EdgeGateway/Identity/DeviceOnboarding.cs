using System.Security.Cryptography;
using EdgeGateway.Identity.Certificates;
using EdgeGateway.Identity.Credentials;
using EdgeGateway.Identity.Policies;
using EdgeGateway.Registry;

namespace EdgeGateway.Identity;

/// <summary><c>device add</c>: thing, certificate and policy in one go, or nothing.</summary>
public sealed class DeviceOnboarding(
    IThings things, IThingCatalog catalog, ICertificates certificates, IDeviceCredentials credentials, IPolicies policies, IServerCertificate server, IdentityArns arns,
    IAuditLog audit)
{
    /// <summary>One policy for all devices added so: its variables give each device its own topics.</summary>
    public const string PolicyName = "edgegateway-device";

    private const int PasswordCharacters = 24;
    private const string PasswordAlphabet = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";   // nothing that is typed wrongly

    /// <param name="name">Thing name and, at the same time, the client id to connect with.</param>
    /// <exception cref="IdentityException">The name is not one, or a thing of that name has a principal already; nothing is left behind.</exception>
    public async Task<DeviceBundle> AddDeviceAsync(string name, string actor, CancellationToken cancellationToken)
    {
        IssuedCertificate? issued = null;
        await AddThingAsync(name, async () =>
        {
            issued = await certificates.CreateKeysAndCertificateAsync(CertificateStatus.Active, name, actor);
            return arns.Certificate(issued.Certificate.Id);
        }, async () =>
        {
            await certificates.UpdateAsync(issued!.Certificate.Id, CertificateStatus.Inactive, actor);
            await certificates.DeleteAsync(issued.Certificate.Id, force: true, actor);
        }, actor, cancellationToken);
        return Bundle(name) with { CertificateId = issued!.Certificate.Id, CertificateArn = arns.Certificate(issued.Certificate.Id), CertificatePem = issued.Pem, PrivateKeyPem = issued.PrivateKeyPem };
    }

    /// <summary>For a device that cannot do certificates: a user of the device's name, with a password made here.</summary>
    /// <inheritdoc cref="AddDeviceAsync"/>
    public async Task<DeviceBundle> AddPasswordDeviceAsync(string name, string actor, CancellationToken cancellationToken)
    {
        if (credentials.List().Contains(name))
            throw new IdentityException(IdentityError.ResourceAlreadyExists, $"there is a user {name} already: take another name") { ResourceId = name };
        var password = RandomNumberGenerator.GetString(PasswordAlphabet, PasswordCharacters);
        await AddThingAsync(name, async () =>
        {
            await credentials.SetAsync(name, password, actor);
            return arns.User(name);
        }, () => credentials.RemoveAsync(name, actor), actor, cancellationToken);
        return Bundle(name) with { UserName = name, Password = password };
    }

    /// <summary>Takes a device off: its certificates are revoked and deleted, its user goes, live connections close, the thing is deleted.</summary>
    /// <exception cref="IdentityException">There is no such thing, or it has no principal.</exception>
    public async Task RemoveDeviceAsync(string name, string actor, CancellationToken cancellationToken)
    {
        if (catalog.PrincipalsOf(name) is not [_, ..] principals)
            throw new IdentityException(IdentityError.ResourceNotFound, $"there is no device {name}");
        foreach (var principal in principals)
        {
            Require(await things.DetachAsync(name, principal, cancellationToken));
            if (catalog.ThingsOf(principal).Count > 0)
                continue;                                            // it proves another thing too
            if (arns.Id(principal, "cert") is { } id && certificates.Find(id) is not null)
            {
                await certificates.UpdateAsync(id, CertificateStatus.Revoked, actor);
                await certificates.DeleteAsync(id, force: true, actor);
            }
            else if (arns.Id(principal, "user") is { } user && credentials.List().Contains(user))
            {
                await credentials.RemoveAsync(user, actor);
            }
        }
        Require(await things.DeleteAsync(name, expectedVersion: null, cancellationToken));
        await audit.AppendAsync(actor, "device.remove", name, detail: null);
    }

    private async Task AddThingAsync(string name, Func<Task<string>> makePrincipal, Func<Task> undoPrincipal, string actor, CancellationToken cancellationToken)
    {
        if (catalog.PrincipalsOf(name) is [var principal, ..])
            throw new IdentityException(IdentityError.ResourceAlreadyExists, $"device {name} exists and has {principal}: remove it first, or take another name") { ResourceId = name };
        var isNew = catalog.Find(name) is null;
        if (isNew)
            Require(await things.CreateAsync(name, typeName: null, new Dictionary<string, string>(), billingGroupName: null, cancellationToken));
        string? target = null;
        try
        {
            await EnsurePolicyAsync(actor);
            target = await makePrincipal();
            await policies.AttachAsync(PolicyName, target, actor);
            Require(await things.AttachAsync(name, target, exclusive: false, cancellationToken));
            await audit.AppendAsync(actor, "device.add", name, target);
        }
        catch
        {
            // Takes back what was made, in reverse; the fault that led here is the caller's news.
            if (target is not null)
            {
                await things.DetachAsync(name, target, CancellationToken.None);
                await undoPrincipal();
            }
            if (isNew)
                await things.DeleteAsync(name, expectedVersion: null, CancellationToken.None);
            throw;
        }
    }

    private DeviceBundle Bundle(string name) => new(
        name, CertificateId: null, CertificateArn: null, PolicyName, server.CaPem, CertificatePem: null, PrivateKeyPem: null, UserName: null, Password: null, $"devices/{name}/telemetry",
        $"devices/{name}/commands/#", $"devices/{name}/");

    private static void Require<T>(RegistryResult<T> result)
    {
        if (result is RegistryResult<T>.Refused { Error: var error })
            throw RegistryErrors.ToException(error);
    }

    /// <summary>Makes the policy of devices where there is none yet; whoever changed it means it.</summary>
    internal async Task EnsurePolicyAsync(string actor)
    {
        if (policies.Find(PolicyName) is not null)
            return;
        try
        {
            await policies.CreateAsync(PolicyName, Document(), actor);
        }
        catch (IdentityException fault) when (fault.Error == IdentityError.ResourceAlreadyExists)
        {
            // Another device was added at the same moment: the policy is there, which is all we want.
        }
    }

    /// <summary>The device's own part of the topic tree, its shadows and its jobs; the client id must be its thing's name.</summary>
    private string Document()
    {
        const string thing = "${iot:Connection.Thing.ThingName}";
        return $$"""
            {
              "Version": "2012-10-17",
              "Statement": [
                { "Effect": "Allow", "Action": "iot:Connect", "Resource": "{{arns.Prefix}}client/{{thing}}" },
                { "Effect": "Allow", "Action": ["iot:Publish", "iot:Receive", "iot:RetainPublish"], "Resource": "{{arns.Prefix}}topic/devices/{{thing}}/*" },
                { "Effect": "Allow", "Action": ["iot:Publish", "iot:Receive"], "Resource": [
                  "{{arns.Prefix}}topic/$aws/things/{{thing}}/shadow/*", "{{arns.Prefix}}topic/$aws/things/{{thing}}/jobs/*" ] },
                { "Effect": "Allow", "Action": "iot:Subscribe", "Resource": [
                  "{{arns.Prefix}}topicfilter/devices/{{thing}}/*", "{{arns.Prefix}}topicfilter/$aws/things/{{thing}}/shadow/*",
                  "{{arns.Prefix}}topicfilter/$aws/things/{{thing}}/jobs/*" ] }
              ]
            }
            """;
    }
}
