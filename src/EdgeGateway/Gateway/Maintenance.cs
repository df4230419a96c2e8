namespace EdgeGateway.Gateway;

/// <summary>Whether clients are served here: sent to another server for good (<c>broker.redirect</c>), or for a while (maintenance).</summary>
internal sealed class Maintenance(string? redirect)
{
    private readonly string? _redirect = redirect is { Length: > 0 } ? redirect : null;
    private volatile State _state = new(false, null);

    public bool IsOn => _state.IsOn;

    /// <summary>Where MQTT 5 clients are told to go; null: nowhere else.</summary>
    public string? ServerReference => _state.IsOn ? _state.Reference ?? _redirect : _redirect;

    public void Begin(string? reference) => _state = new(true, reference is { Length: > 0 } ? reference : null);

    public void End() => _state = new(false, null);

    private sealed record State(bool IsOn, string? Reference);
}
