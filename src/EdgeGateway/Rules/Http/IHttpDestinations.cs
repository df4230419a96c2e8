namespace EdgeGateway.Rules.Http;

/// <summary>Where the `http` action may send to.</summary>
/// <remarks>Thread-safe; changes are durable when their task completes.</remarks>
public interface IHttpDestinations
{
    /// <summary>In order of their ARNs.</summary>
    IReadOnlyList<HttpDestination> All { get; }

    HttpDestination? Find(string arn);

    /// <summary>Null where data may go to this address, else why not.</summary>
    string? Refusal(string url);

    /// <summary>Makes it, or finds the one there is, and sends the confirmation request.</summary>
    Task<HttpDestination> CreateAsync(string confirmationUrl, CancellationToken cancellationToken);

    /// <returns>Null where there is none.</returns>
    Task<HttpDestination?> SetStatusAsync(string arn, HttpDestinationStatus status, CancellationToken cancellationToken);

    /// <returns>False where the token is none that is awaited.</returns>
    Task<bool> ConfirmAsync(string token, CancellationToken cancellationToken);

    /// <returns>False where there is none.</returns>
    Task<bool> DeleteAsync(string arn, CancellationToken cancellationToken);
}
