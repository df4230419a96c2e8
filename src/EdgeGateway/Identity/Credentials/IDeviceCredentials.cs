namespace EdgeGateway.Identity.Credentials;

/// <summary>User names and passwords of devices that cannot do certificates. Policies are attached to the user's ARN. Refusals are <see cref="IdentityException"/>.</summary>
public interface IDeviceCredentials
{
    /// <summary>Makes the user or changes the password; at least eight bytes.</summary>
    Task SetAsync(string userName, string password, string actor);

    /// <summary>Detaches the user's policies too, so that live connections lose every right at once.</summary>
    Task RemoveAsync(string userName, string actor);

    IReadOnlyList<string> List();

    /// <summary>Slow on purpose; the name's existence does not show in the time taken.</summary>
    Task<bool> VerifyAsync(string userName, ReadOnlyMemory<byte> password, CancellationToken cancellationToken);
}
