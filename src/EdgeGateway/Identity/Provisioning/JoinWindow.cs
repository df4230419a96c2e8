using EdgeGateway.Identity.Certificates;
using EdgeGateway.Identity.Policies;
using EdgeGateway.Registry;

namespace EdgeGateway.Identity.Provisioning;

/// <summary>
/// <c>permit-join</c>: while the window is open, a device with a claim may register itself by a template of the gateway's own. It is measured
/// by the monotonic clock and closed after a restart, so that a clock that lies cannot keep it open.
/// </summary>
internal sealed class JoinWindow(
    IProvisioningTemplates templates, DeviceOnboarding onboarding, ICertificates certificates, IPolicies policies, IThingCatalog things, IdentityArns arns, IAuditLog audit,
    TimeProvider time)
{
    /// <summary>Provisioning template for joining; takes the parameter <c>ThingName</c>.</summary>
    public const string TemplateName = "edgegateway-join";

    /// <summary>Policy of claim certificates: they can join, and nothing else.</summary>
    public const string ClaimPolicyName = "edgegateway-claim";

    /// <summary>Client ids of claims begin so: a claim never takes over the session of a device.</summary>
    public const string ClientIdPrefix = "join-";

    private const string Body =
        """
        {
          "Parameters": { "ThingName": { "Type": "String" }, "AWS::IoT::Certificate::Id": { "Type": "String" } },
          "Resources": {
            "thing": { "Type": "AWS::IoT::Thing", "Properties": { "ThingName": { "Ref": "ThingName" } } },
            "certificate": { "Type": "AWS::IoT::Certificate", "Properties": { "CertificateId": { "Ref": "AWS::IoT::Certificate::Id" }, "Status": "ACTIVE" } },
            "policy": { "Type": "AWS::IoT::Policy", "Properties": { "PolicyName": "edgegateway-device" } }
          },
          "DeviceConfiguration": { "telemetryTopic": { "Fn::Sub": "devices/${ThingName}/telemetry" }, "commandFilter": { "Fn::Sub": "devices/${ThingName}/commands/#" } }
        }
        """;

    private readonly Lock _lock = new();                             // guards the two fields below
    private long _openedAt;
    private TimeSpan _length;

    /// <summary>Null: closed.</summary>
    public DateTimeOffset? Until => Remaining is var left && left > TimeSpan.Zero ? time.GetUtcNow() + left : null;

    private TimeSpan Remaining
    {
        get
        {
            lock (_lock)
                return _length - (_length == TimeSpan.Zero ? TimeSpan.Zero : time.GetElapsedTime(_openedAt));
        }
    }

    /// <param name="length">From now on; zero closes it.</param>
    public async Task OpenAsync(TimeSpan length, string actor)
    {
        await onboarding.EnsurePolicyAsync(actor);
        if (templates.Find(TemplateName) is null)
            await templates.CreateAsync(TemplateName, "FLEET_PROVISIONING", Body, enabled: true, "Devices that join while permit-join is open", roleArn: null, hook: null, actor);
        await audit.AppendAsync(actor, "permit-join", TemplateName, length == TimeSpan.Zero ? "closed" : $"for {length}");
        lock (_lock)
            (_openedAt, _length) = (time.GetTimestamp(), length);
    }

    /// <summary>A certificate to be shared by devices that are to join; it lasts until it is revoked, and joins only while the window is open.</summary>
    public async Task<IssuedCertificate> NewClaimAsync(string actor)
    {
        if (policies.Find(ClaimPolicyName) is null)
            await policies.CreateAsync(ClaimPolicyName, ClaimDocument(), actor);
        var claim = await certificates.CreateKeysAndCertificateAsync(CertificateStatus.Active, "EdgeGateway claim", actor);
        await policies.AttachAsync(ClaimPolicyName, arns.Certificate(claim.Certificate.Id), actor);
        return claim;
    }

    /// <exception cref="ProvisioningRefusal">The window is closed, or the name is taken by a device.</exception>
    public void Require(ProvisioningPlan plan)
    {
        if (Remaining <= TimeSpan.Zero)
            throw ProvisioningRefusal.Denied("Joining is closed: open it with 'edgegateway permit-join'.");
        if (plan.Thing is { } thing && things.PrincipalsOf(thing.Name).Count > 0)
            throw ProvisioningRefusal.Denied($"Thing {thing.Name} has a certificate already.");
    }

    private string ClaimDocument() => $$"""
        {
          "Version": "2012-10-17",
          "Statement": [
            { "Effect": "Allow", "Action": "iot:Connect", "Resource": "{{arns.Prefix}}client/{{ClientIdPrefix}}*" },
            { "Effect": "Allow", "Action": ["iot:Publish", "iot:Receive"], "Resource": [
              "{{arns.Prefix}}topic/$aws/certificates/create/*", "{{arns.Prefix}}topic/$aws/certificates/create-from-csr/*",
              "{{arns.Prefix}}topic/$aws/provisioning-templates/{{TemplateName}}/provision/*" ] },
            { "Effect": "Allow", "Action": "iot:Subscribe", "Resource": [
              "{{arns.Prefix}}topicfilter/$aws/certificates/create/*", "{{arns.Prefix}}topicfilter/$aws/certificates/create-from-csr/*",
              "{{arns.Prefix}}topicfilter/$aws/provisioning-templates/{{TemplateName}}/provision/*" ] }
          ]
        }
        """;
}
