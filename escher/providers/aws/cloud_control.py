"""The rights that Cloud Control takes to list a type: it asks the type's own service, in the caller's name. Pure.

They are those that the types' published schemas name for their lists, but for what changes things: a list needs none of
it. A type without any has no list in Cloud Control; it says so when it is asked, and nothing of it is seen.
"""

from __future__ import annotations

from collections.abc import Mapping

LIST_RIGHTS: Mapping[str, tuple[str, ...]] = {
    "AWS::AppRunner::Service": ("apprunner:ListServices",),
    "AWS::CloudFront::Function": ("cloudfront:ListFunctions",),
    "AWS::DAX::Cluster": (),
    "AWS::DMS::ReplicationInstance": (),
    "AWS::IoT::Thing": ("iot:ListThings",),
    "AWS::KinesisVideo::Stream": ("kinesisvideo:ListStreams",),
    "AWS::MemoryDB::Cluster": ("memorydb:DescribeClusters",),
    "AWS::Pipes::Pipe": ("pipes:ListPipes",),
    "AWS::Scheduler::Schedule": ("scheduler:ListSchedules",),
    "AWS::Scheduler::ScheduleGroup": ("scheduler:ListScheduleGroups",),
    "AWS::ServiceDiscovery::PrivateDnsNamespace": ("servicediscovery:ListNamespaces",),
    "AWS::ServiceDiscovery::Service": ("servicediscovery:GetServiceAttributes", "servicediscovery:ListServices"),
    "AWS::Timestream::Database": ("timestream:DescribeEndpoints", "timestream:ListDatabases"),
}
