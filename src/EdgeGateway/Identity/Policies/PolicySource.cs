namespace EdgeGateway.Identity.Policies;

/// <summary>A document with where it comes from, for explanations.</summary>
/// <param name="Name">Policy name, or a made-up one for documents of an authorizer.</param>
/// <param name="Version">Version id in force.</param>
/// <param name="Through">The target it is attached to: certificate, user or thing group ARN.</param>
public sealed record PolicySource(string Name, string Version, string Through, PolicyDocument Document);
