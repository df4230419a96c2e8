using EdgeGateway.Identity;
using EdgeGateway.Identity.Policies;
using EdgeGateway.Jobs;
using EdgeGateway.Registry;
using EdgeGateway.Search;
using EdgeGateway.Search.Query;

namespace EdgeGateway.Api.Aws;

/// <summary>The one place that words the gateway's errors as AWS IoT's (Smithy's restJson1 protocol).</summary>
internal static class AwsErrors
{
    /// <summary>Null for a fault of ours: 500, logged.</summary>
    public static AwsReply? From(Exception exception) => exception switch
    {
        AwsException error => AwsReply.Error(error.Status, error.Type, error.Message),
        Identity.Provisioning.TemplateException error => AwsReply.Error(400, "InvalidRequestException", $"templateBody: {error.Message}"),
        MalformedPolicyException error => AwsReply.Error(400, "MalformedPolicyException", error.Message),
        IdentityException error => AwsReply.Error(error.Error.Status, error.Error.Code, error.Message, error.ResourceArn, error.ResourceId),
        QueryException error => AwsReply.Error(400, "InvalidQueryException", $"queryString {error.Message}"),
        AggregationException error => AwsReply.Error(400, "InvalidAggregationException", error.Message),
        IndexUnavailableException { IsBuilding: true } error => AwsReply.Error(400, "IndexNotReadyException", error.Message),
        IndexUnavailableException error => AwsReply.Error(404, "ResourceNotFoundException", error.Message),
        JobException { Kind: JobErrorKind.ResourceNotFound } error => AwsReply.Error(404, "ResourceNotFoundException", error.Message),
        JobException { Kind: JobErrorKind.ResourceAlreadyExists } error => AwsReply.Error(409, "ResourceAlreadyExistsException", error.Message),
        JobException { Kind: JobErrorKind.Conflict } error => AwsReply.Error(409, "ConflictException", error.Message),
        JobException { Kind: JobErrorKind.InvalidStateTransition } error => AwsReply.Error(409, "InvalidStateTransitionException", error.Message),
        JobException { Kind: JobErrorKind.VersionMismatch } error => AwsReply.Error(409, "VersionConflictException", error.Message),
        JobException { Kind: JobErrorKind.LimitExceeded } error => AwsReply.Error(410, "LimitExceededException", error.Message),
        JobException { Kind: JobErrorKind.TerminalState } error => AwsReply.Error(410, "TerminalStateException", error.Message),
        JobException error => AwsReply.Error(400, "InvalidRequestException", error.Message),
        IndexSettingsException error => AwsReply.Error(400, "InvalidRequestException", error.Message),
        _ => null,
    };

    public static AwsReply From(RegistryError error) => error.Kind switch
    {
        RegistryErrorKind.ResourceNotFound => AwsReply.Error(404, "ResourceNotFoundException", error.Message),
        RegistryErrorKind.ResourceAlreadyExists => AwsReply.Error(409, "ResourceAlreadyExistsException", error.Message, error.ResourceArn, error.ResourceId),
        RegistryErrorKind.VersionConflict => AwsReply.Error(409, "VersionConflictException", error.Message),
        RegistryErrorKind.LimitExceeded => AwsReply.Error(410, "LimitExceededException", error.Message),
        _ => AwsReply.Error(400, "InvalidRequestException", error.Message),
    };
}
