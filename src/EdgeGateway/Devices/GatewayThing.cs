namespace EdgeGateway.Devices;

/// <param name="Name">Thing of the gateway itself.</param>
/// <param name="DataFolder">Its state lies here: the disk whose free space is told.</param>
internal sealed record GatewayThing(string Name, string DataFolder);
