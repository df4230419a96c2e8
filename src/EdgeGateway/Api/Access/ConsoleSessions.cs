using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using EdgeGateway.Identity.Credentials;

namespace EdgeGateway.Api.Access;

/// <summary>
/// Who is signed in with a browser. The cookie is a random number of which only the hash is kept, in memory: a restart signs everybody out.
/// A session ends after twelve hours without a request, when its person is removed or given another role, and with a new password.
/// </summary>
internal sealed class ConsoleSessions(IPeople people, TimeProvider time)
{
    public const string CookieName = "edgegateway-session";

    /// <summary>Carries <see cref="ConsoleSession.Token"/> against forged requests.</summary>
    public const string TokenHeader = "X-EdgeGateway-Token";

    private const int MaxSessions = 1000;
    private static readonly TimeSpan Idle = TimeSpan.FromHours(12);
    private readonly ConcurrentDictionary<string, (ConsoleSession Session, long LastSeen)> _sessions = new(StringComparer.Ordinal);

    public ConsoleSession Open(HttpContext http, Person person)
    {
        Forget();
        var secret = RandomNumberGenerator.GetHexString(64, lowercase: true);
        var session = new ConsoleSession(person, RandomNumberGenerator.GetHexString(32, lowercase: true));
        _sessions[Key(secret)] = (session, time.GetTimestamp());
        http.Response.Cookies.Append(CookieName, secret, Cookie(http.Request));
        return session;
    }

    /// <returns>Null: nobody is signed in, or no more.</returns>
    public ConsoleSession? Find(HttpRequest request)
    {
        if (!request.Cookies.TryGetValue(CookieName, out var secret) || Key(secret) is not { } key || !_sessions.TryGetValue(key, out var entry))
            return null;
        var person = entry.Session.Person;
        if (time.GetElapsedTime(entry.LastSeen) > Idle || people.Find(person.Name) is not { } now || now.Role != person.Role || now.Created != person.Created)
        {
            End(key);
            return null;
        }
        _sessions[key] = entry with { LastSeen = time.GetTimestamp() };
        return entry.Session;
    }

    public void Close(HttpContext http)
    {
        if (http.Request.Cookies.TryGetValue(CookieName, out var secret))
            End(Key(secret));
        http.Response.Cookies.Delete(CookieName, Cookie(http.Request));
    }

    /// <summary>Signs a person out everywhere.</summary>
    public void CloseAllOf(string name)
    {
        foreach (var (key, entry) in _sessions)
            if (entry.Session.Person.Name == name)
                End(key);
    }

    /// <summary>Does the request carry the session's token? Only needed where it changes something.</summary>
    public static bool HasToken(HttpRequest request, ConsoleSession session) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(request.Headers[TokenHeader].ToString()), Encoding.UTF8.GetBytes(session.Token));

    private static CookieOptions Cookie(HttpRequest request) => new() { HttpOnly = true, SameSite = SameSiteMode.Strict, Secure = request.IsHttps, Path = "/", IsEssential = true };

    private static string Key(string secret) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));

    private void Forget()
    {
        foreach (var (key, entry) in _sessions)
            if (time.GetElapsedTime(entry.LastSeen) > Idle)
                End(key);
        if (_sessions.Count >= MaxSessions)
            End(_sessions.MinBy(static entry => entry.Value.LastSeen).Key);
    }

    private void End(string key)
    {
        if (_sessions.TryRemove(key, out var entry))
            entry.Session.End();
    }
}
