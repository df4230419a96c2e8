namespace EdgeGateway.Devices;

/// <summary>A chip that nobody has configured, found on a bus: one command makes a thing of it.</summary>
/// <param name="Id">Where it is, as <c>sensors adopt</c> takes it: <c>i2c-1/0x76</c>, or a 1-Wire ROM.</param>
/// <param name="Driver">Of the likeliest chip.</param>
/// <param name="Confidence"><c>certain</c>, <c>likely</c> or <c>guess</c>.</param>
/// <param name="Others">Drivers of other chips it may be.</param>
/// <param name="Name">The thing's, unless another is given.</param>
/// <param name="Since">When it was first seen.</param>
public sealed record DeviceProposal(
    string Id, string Bus, string Address, string Chip, string Driver, string Confidence, string Reason, IReadOnlyList<string> Others, IReadOnlyList<string> Warnings, string Name, DateTimeOffset Since);
