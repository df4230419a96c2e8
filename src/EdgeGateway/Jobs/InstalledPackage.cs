namespace EdgeGateway.Jobs;

/// <summary>An execution of a job that installs a package has succeeded, and nobody has noted it yet.</summary>
/// <param name="Number">Rises.</param>
/// <param name="VersionArn">One of the job's <c>destinationPackageVersions</c>.</param>
public sealed record InstalledPackage(long Number, string Thing, string VersionArn);
