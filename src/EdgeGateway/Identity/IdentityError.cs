namespace EdgeGateway.Identity;

/// <summary>What a caller can get wrong: AWS's exception name and HTTP status. This is the one table; edges only translate.</summary>
public sealed record IdentityError(string Code, int Status)
{
    public static IdentityError InvalidRequest { get; } = new("InvalidRequestException", 400);

    public static IdentityError MalformedPolicy { get; } = new("MalformedPolicyException", 400);

    public static IdentityError CertificateValidation { get; } = new("CertificateValidationException", 400);

    public static IdentityError RegistrationCodeValidation { get; } = new("RegistrationCodeValidationException", 400);

    public static IdentityError ResourceRegistrationFailure { get; } = new("ResourceRegistrationFailureException", 400);

    public static IdentityError Unauthorized { get; } = new("UnauthorizedException", 401);

    public static IdentityError ResourceNotFound { get; } = new("ResourceNotFoundException", 404);

    public static IdentityError CertificateState { get; } = new("CertificateStateException", 406);

    public static IdentityError ResourceAlreadyExists { get; } = new("ResourceAlreadyExistsException", 409);

    public static IdentityError DeleteConflict { get; } = new("DeleteConflictException", 409);

    public static IdentityError CertificateConflict { get; } = new("CertificateConflictException", 409);

    public static IdentityError VersionsLimitExceeded { get; } = new("VersionsLimitExceededException", 409);

    public static IdentityError LimitExceeded { get; } = new("LimitExceededException", 410);
}
