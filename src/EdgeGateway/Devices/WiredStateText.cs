namespace EdgeGateway.Devices;

public static class WiredStateText
{
    /// <summary>The published word.</summary>
    public static string ToText(this WiredState state) => state switch
    {
        WiredState.Ok => "ok",
        WiredState.Failed => "failed",
        WiredState.Off => "off",
        _ => "starting",
    };
}
