namespace EdgeGateway.Api.Aws;

/// <summary>Answers one call. What the caller got wrong is an exception that <see cref="AwsErrors"/> knows, or an error reply.</summary>
internal delegate ValueTask<AwsReply> AwsHandler(AwsCall call, CancellationToken cancellationToken);
