namespace EdgeGateway.Pages.Components;

/// <summary>The words the gateway uses for states, and how a person should take them.</summary>
internal static class States
{
    public static Tone ToneOf(string? state) => state switch
    {
        "ok" or "healthy" or "connected" or "up" or "running" or "good" => Tone.Good,
        "starting" or "degraded" or "connecting" or "reconnecting" or "stale" or "waiting" => Tone.Warning,
        "failed" or "failing" or "disconnected" or "down" or "error" or "unreachable" => Tone.Bad,
        _ => Tone.Neutral,
    };
}
