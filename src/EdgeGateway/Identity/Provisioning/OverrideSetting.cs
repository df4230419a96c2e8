namespace EdgeGateway.Identity.Provisioning;

/// <summary>What to do where the resource exists with something else (AWS guide: Device provisioning).</summary>
internal enum OverrideSetting
{
    /// <summary>The default: the request is refused with a conflict.</summary>
    Fail,
    Merge,
    Replace,
    DoNothing,
}
