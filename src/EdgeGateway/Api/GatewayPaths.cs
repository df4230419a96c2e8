using EdgeGateway.Api.Aws;

namespace EdgeGateway.Api;

/// <summary>Whose a path is (docs/interface.md, HTTP paths). Routing does not look at case, so neither does this.</summary>
internal static class GatewayPaths
{
    private static readonly PathString OwnApi = "/edge";
    private static readonly PathString[] Others = ["/console", "/mqtt", "/metrics", "/openapi.json"];

    /// <summary>The gateway's own API.</summary>
    public static bool IsOwnApi(PathString path) => path.StartsWithSegments(OwnApi, StringComparison.OrdinalIgnoreCase);

    /// <summary>Everything that is not the gateway's own is AWS's.</summary>
    /// <param name="path">As sent: dot segments and percent signs may belong to a topic.</param>
    public static bool IsAws(PathString path) =>
        path.Value is not (null or "" or "/") && !IsOwnApi(path) && !Array.Exists(Others, other => path.StartsWithSegments(other, StringComparison.OrdinalIgnoreCase));

    /// <inheritdoc cref="IsAws(PathString)"/>
    public static bool IsAws(HttpContext http) => IsAws(new PathString(AwsEndpoint.TargetOf(http).Path));
}
