namespace EdgeGateway.Api;

/// <summary>Which listener a connection came in through; set on the connection, read from <c>HttpContext.Features</c>.</summary>
/// <param name="Name"><c>http</c>, <c>https</c> or <c>control</c>.</param>
public sealed record Listener(string Name)
{
    public static Listener Http { get; } = new("http");
    public static Listener Https { get; } = new("https");

    /// <summary>The local socket: whoever gets there through the file permissions is an administrator.</summary>
    public static Listener Control { get; } = new("control");
}
