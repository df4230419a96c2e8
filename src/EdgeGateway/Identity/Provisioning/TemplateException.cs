namespace EdgeGateway.Identity.Provisioning;

/// <summary>A provisioning template that does not hold to its language, or that these parameters do not fill.</summary>
/// <param name="path">Place by name, such as <c>Resources.thing.Properties.ThingName</c>; empty for the document.</param>
public sealed class TemplateException(string path, string detail) : Exception(path.Length == 0 ? detail : $"{path}: {detail}")
{
    public string Path => path;
}
