"""S3 buckets: listed once, each read in its own region.

`public`: the policy or the access list opens the bucket and its own block does not take that back. A block set on the
whole account is not read, so this errs towards `public`.
"""

from escher.providers.declarations import Bool, DetailCall, Holds, ListCall, Relation, ResourceType, Time

_BUCKET = {"Bucket": "Name"}
_GROUPS = "http://acs.amazonaws.com/groups/global"
_EVERYBODY = f"Grants[?contains(['{_GROUPS}/AllUsers', '{_GROUPS}/AuthenticatedUsers'], Grantee.URI)]"
_OPEN_POLICY = "PolicyStatus.IsPublic && !(Block.RestrictPublicBuckets)"
_OPEN_ACL = f"Acl.{_EVERYBODY} && !(Block.IgnorePublicAcls)"

TYPE = ResourceType(
    name="aws_s3_bucket",
    native_type="AWS::S3::Bucket",
    kind="object_storage",
    service="s3",
    reach="global",
    listing=ListCall("ListBuckets", "Buckets[]", permission="s3:ListAllMyBuckets", page_size=1_000),
    identifier="Name",
    resource_id="arn:{partition}:s3:::{identifier}",
    # An empty location is the oldest region; `EU` is what the second one was called.
    home="(Location != `null`) && "
    "(Location.LocationConstraint == 'EU' && 'eu-west-1' || Location.LocationConstraint || 'us-east-1')",
    tags="Tags",
    details=(
        DetailCall("GetBucketLocation", _BUCKET, into="Location", permission="s3:GetBucketLocation"),
        DetailCall(
            "GetBucketTagging",
            _BUCKET,
            into="Tags",
            result="TagSet",
            permission="s3:GetBucketTagging",
            absent=("NoSuchTagSet",),
        ),
        DetailCall(
            "GetBucketEncryption",
            _BUCKET,
            into="Encryption",
            result="ServerSideEncryptionConfiguration",
            permission="s3:GetEncryptionConfiguration",
            absent=("ServerSideEncryptionConfigurationNotFoundError",),
        ),
        DetailCall(
            "GetPublicAccessBlock",
            _BUCKET,
            into="Block",
            result="PublicAccessBlockConfiguration",
            permission="s3:GetBucketPublicAccessBlock",
            absent=("NoSuchPublicAccessBlockConfiguration",),
        ),
        DetailCall(
            "GetBucketPolicyStatus",
            _BUCKET,
            into="PolicyStatus",
            result="PolicyStatus",
            permission="s3:GetBucketPolicyStatus",
            absent=("NoSuchBucketPolicy",),
        ),
        DetailCall("GetBucketAcl", _BUCKET, into="Acl", permission="s3:GetBucketAcl"),
    ),
    gone=("NoSuchBucket",),
    fields={
        "created_at": Time("CreationDate"),
        "encrypted": Holds("Encryption.Rules[].ApplyServerSideEncryptionByDefault.SSEAlgorithm", needs=("Encryption",)),
        "encryption": "Encryption.Rules[0].ApplyServerSideEncryptionByDefault.SSEAlgorithm",
        "kms_key": "Encryption.Rules[0].ApplyServerSideEncryptionByDefault.KMSMasterKeyID",
        "bucket_key_enabled": Bool("Encryption.Rules[0].BucketKeyEnabled"),
        "block_public_acls": Bool("Block.BlockPublicAcls"),
        "ignore_public_acls": Bool("Block.IgnorePublicAcls"),
        "block_public_policy": Bool("Block.BlockPublicPolicy"),
        "restrict_public_buckets": Bool("Block.RestrictPublicBuckets"),
        "public": Holds(f"({_OPEN_POLICY}) || ({_OPEN_ACL})", needs=("Block", "PolicyStatus", "Acl")),
        "public_access_blocked": Holds(
            "Block.BlockPublicAcls && Block.IgnorePublicAcls && Block.BlockPublicPolicy && Block.RestrictPublicBuckets",
            needs=("Block",),
        ),
    },
    relations=(
        Relation(
            "uses",
            "Encryption.Rules[].ApplyServerSideEncryptionByDefault.KMSMasterKeyID | [?starts_with(@, 'arn:')]",
        ),
    ),
    acts={
        "delete": ("s3:DeleteBucket",),
        "update": ("s3:PutBucketPolicy",),
        "encrypt": ("s3:PutEncryptionConfiguration",),
        "block_public_access": ("s3:PutBucketPublicAccessBlock",),
        "schedule": ("s3:PutLifecycleConfiguration",),
        "enable": ("s3:PutBucketVersioning",),
        "tag": ("s3:GetBucketTagging", "s3:PutBucketTagging"),
        "untag": ("s3:GetBucketTagging", "s3:PutBucketTagging"),
    },
    extras=("public", "public_access_blocked"),
    timeout_s=60,
)
