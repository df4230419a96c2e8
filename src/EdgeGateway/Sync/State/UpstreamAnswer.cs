namespace EdgeGateway.Sync.State;

/// <param name="Code">200, or the shadow service's error code (AWS guide: Shadow error messages).</param>
/// <param name="Version">Of the accepted update, or of the shadow that was deleted.</param>
/// <param name="Message">Of the error.</param>
internal sealed record UpstreamAnswer(int Code, long Version, string? Message = null)
{
    public bool IsAccepted => Code == 200;
}
