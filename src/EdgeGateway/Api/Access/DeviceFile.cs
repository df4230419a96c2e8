namespace EdgeGateway.Api.Access;

/// <summary>One file of a bundle.</summary>
/// <param name="Secret">Holds a key or password: readable by its owner alone.</param>
internal sealed record DeviceFile(string Name, string Content, bool Secret);
