using System.Text.Json.Nodes;

namespace EdgeGateway.Identity.Provisioning;

/// <summary>What a template wants, with every parameter filled in; nothing is done yet.</summary>
/// <param name="DeviceConfiguration">Given to the device as it is; an object of strings.</param>
internal sealed record ProvisioningPlan(
    PlannedThing? Thing, PlannedCertificate? Certificate, IReadOnlyList<PlannedPolicy> Policies, JsonObject DeviceConfiguration);
