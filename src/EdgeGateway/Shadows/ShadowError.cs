using System.Globalization;

namespace EdgeGateway.Shadows;

/// <summary>Why a shadow request was refused, in the published wording (AWS guide: Shadow error messages).</summary>
/// <param name="Code">HTTP status, also over MQTT.</param>
public sealed record ShadowError(int Code, string Message)
{
    public static ShadowError InvalidJson { get; } = new(400, "Invalid JSON");
    public static ShadowError NullInArray { get; } = new(400, "Invalid JSON: an array must not contain null");
    public static ShadowError MissingState { get; } = new(400, "Missing required node: state");
    public static ShadowError StateNotObject { get; } = new(400, "State node must be an object");
    public static ShadowError DesiredNotObject { get; } = new(400, "Desired node must be an object");
    public static ShadowError ReportedNotObject { get; } = new(400, "Reported node must be an object");
    public static ShadowError InvalidStateNode { get; } = new(400, "State contains an invalid node");
    public static ShadowError InvalidVersion { get; } = new(400, "Invalid version");
    public static ShadowError InvalidClientToken { get; } = new(400, "Invalid clientToken");
    public static ShadowError InvalidThingName { get; } = new(400, "Invalid thing name");
    public static ShadowError InvalidShadowName { get; } = new(400, "Invalid shadow name");
    public static ShadowError InvalidPageSize { get; } = new(400, "Invalid pageSize");
    public static ShadowError InvalidNextToken { get; } = new(400, "Invalid nextToken");
    public static ShadowError Unauthorized { get; } = new(401, "Unauthorized");
    public static ShadowError Forbidden { get; } = new(403, "Forbidden");
    public static ShadowError VersionConflict { get; } = new(409, "Version conflict");
    public static ShadowError TooLarge { get; } = new(413, "The payload exceeds the maximum size allowed");
    public static ShadowError NotUtf8 { get; } = new(415, "Unsupported documented encoding; supported encoding is UTF-8");
    public static ShadowError TooManyRequests { get; } = new(429, "Too many requests");
    public static ShadowError Internal { get; } = new(500, "Internal service failure");

    public static ShadowError TooDeep(int maxDepth) =>
        new(400, string.Create(CultureInfo.InvariantCulture, $"JSON contains too many levels of nesting; maximum is {maxDepth}"));

    public static ShadowError TooManyShadows(int most) =>
        new(400, string.Create(CultureInfo.InvariantCulture, $"The thing has {most} named shadows, which is the maximum"));

    public static ShadowError NotFound(ShadowId shadow) => new(404, $"No shadow exists with name: '{shadow}'");
}
