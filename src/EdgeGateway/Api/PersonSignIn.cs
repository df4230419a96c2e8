using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using EdgeGateway.Identity;
using EdgeGateway.Identity.Credentials;

namespace EdgeGateway.Api;

/// <summary>
/// Signs in by the Authorization header: a person with HTTP Basic (RFC 7617), a program with a bearer token (RFC 6750). A password is slow to verify on purpose, so a header that was right is remembered, by
/// its hash, for a minute: a page that polls costs one verification a minute.
/// </summary>
internal sealed class PersonSignIn(IPeople people, IDeviceCredentials devices, IBearerTokens tokens, TimeProvider time)
{
    private const int MaxRemembered = 64;
    private static readonly TimeSpan Remembered = TimeSpan.FromMinutes(1);
    private readonly ConcurrentDictionary<string, (Caller Caller, long Since)> _known = new(StringComparer.Ordinal);

    /// <returns>Null without an Authorization header of this scheme, when it is wrong, or when it is a device's, which only AWS's paths let in.</returns>
    public async ValueTask<Caller?> SignInAsync(HttpRequest request, IPAddress? address, CancellationToken cancellationToken)
    {
        if (ReadToken(request.Headers.Authorization.ToString()) is { } token)
            return tokens.Find(token) is { } known ? new(known.ToPrincipal(), known.Role, $"token:{known.Id}") : null;
        if (Read(request.Headers.Authorization.ToString()) is not { } credentials || DeviceOf(request) is not null)
            return null;
        var key = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes($"{credentials.Name}\n{credentials.Password}")));
        if (_known.TryGetValue(key, out var entry) && time.GetElapsedTime(entry.Since) < Remembered && people.Find(entry.Caller.Actor)?.Role == entry.Caller.Role)
            return entry.Caller;
        if (await people.SignInAsync(credentials.Name, credentials.Password, address, cancellationToken) is not SignInResult.Accepted { Person: var person })
            return null;
        if (_known.Count >= MaxRemembered)
            _known.Clear();
        var caller = new Caller(new(person.Name, PrincipalKind.User, CertificateId: null) { PolicyDocuments = [person.Role.Document()] }, person.Role, person.Name);
        _known[key] = (caller, time.GetTimestamp());
        return caller;
    }

    /// <summary>As <see cref="SignInAsync"/>, for a connection that lives on: it ends with the token, or with the person.</summary>
    public async ValueTask<Caller?> SignInLiveAsync(HttpRequest request, IPAddress? address, CancellationToken cancellationToken)
    {
        if (await SignInAsync(request, address, cancellationToken) is not { } caller)
            return null;
        var token = ReadToken(request.Headers.Authorization.ToString());
        var created = people.Find(caller.Actor)?.Created;
        return LiveGrant.While(caller, time, () => token is not null ? tokens.Find(token) is not null : people.Find(caller.Actor) is { } now && now.Role == caller.Role && now.Created == created);
    }

    /// <summary>User name and password of a device that posts over HTTP, unverified; null where they are a person's, or of nobody known.</summary>
    public (string Name, string Password)? DeviceOf(HttpRequest request) =>
        Read(request.Headers.Authorization.ToString()) is { } credentials && people.Find(credentials.Name) is null && devices.List().Contains(credentials.Name) ? credentials : null;

    internal static string? ReadToken(string header)
    {
        const string Scheme = "Bearer ";
        return header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? header[Scheme.Length..].Trim() : null;
    }

    /// <summary>A password or a role changed: what was right before counts no more.</summary>
    public void Forget(string name)
    {
        foreach (var (key, entry) in _known)
            if (entry.Caller.Actor == name)
                _known.TryRemove(key, out _);
    }

    internal static (string Name, string Password)? Read(string header)
    {
        const string Scheme = "Basic ";
        if (!header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            return null;
        var buffer = new byte[header.Length];
        if (!Convert.TryFromBase64String(header[Scheme.Length..].Trim(), buffer, out var length))
            return null;
        var text = Encoding.UTF8.GetString(buffer, 0, length);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? null : (text[..colon], text[(colon + 1)..]);
    }
}
